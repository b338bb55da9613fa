"""Write `models.py` from the Avro schemas: `python -m libs.events.generate` (development only)."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from libs.events.catalogue import named_types

MODELS = Path(__file__).with_name("models.py")
FORMAT = ("format", "--isolated", "--quiet", "--line-length", "120", "--target-version", "py311")
HEADER = '''"""Generated from schemas/*.avsc by `make models`; do not edit."""'''


def generated() -> str:
    """The text that `models.py` must have."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "all.avsc"), Path(folder, "models.py")
        source.write_text(json.dumps(named_types()))
        subprocess.run(
            [
                *(sys.executable, "-m", "datamodel_code_generator"),
                *("--input", source, "--input-file-type", "avro", "--output", target),
                *("--output-model-type", "pydantic_v2.BaseModel", "--base-class", "libs.events.record.Record"),
                *("--target-python-version", "3.11", "--strict-nullable", "--custom-file-header", HEADER),
                *("--use-schema-description", "--class-name", "AnyRecord", "--use-annotated"),
                *("--enum-field-as-literal", "none", "--formatters", "ruff-format"),
                *("--disable-timestamp", "--collapse-root-models"),
            ],
            check=True,
        )
        # As `ruff format` has it here, so that formatting the whole tree changes nothing.
        subprocess.run([sys.executable, "-m", "ruff", *FORMAT, target], check=True)
        return target.read_text()


if __name__ == "__main__":
    MODELS.write_text(generated())
