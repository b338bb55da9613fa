"""Figures drawn as SVG, with the same in words for those who do not see them."""
