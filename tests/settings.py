"""Settings of the tests: the product's own, on an embedded PostgreSQL that is thrown away."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tafaul.foundation.postgres import URL_VARIABLE, Embedded

os.environ["TAFAUL_SETTLE_SECONDS"] = "1"
if "TAFAUL_TEST_DATA" not in os.environ:
    folder = tempfile.mkdtemp(prefix="tafaul-test-")
    os.environ["TAFAUL_TEST_DATA"] = os.environ["TAFAUL_DATA"] = folder
    embedded = Embedded(Path(folder) / "postgres")
    os.environ[URL_VARIABLE] = embedded.start()

    @atexit.register
    def throw_away() -> None:
        embedded.stop()
        shutil.rmtree(folder, ignore_errors=True)


from tafaul.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
