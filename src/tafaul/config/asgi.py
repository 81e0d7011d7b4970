"""The web application as an ASGI server sees it."""

import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tafaul.config.settings")
# Static files are small and served by WhiteNoise as Django warns about; the live updates are asynchronous.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
application = get_asgi_application()
