"""What the web faces share: pages from templates, one stylesheet, and what keeps them safe."""
