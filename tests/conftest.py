pytest_plugins = ["libs.embedded.testing"]
