"""The web server's way in."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

django_application = get_wsgi_application()

from config.charset import Utf8  # noqa: E402  # these need the applications above
from config.encoding import Compressed  # noqa: E402
from config.kept_answers import KeptAnswers  # noqa: E402
from config.quick_codes import QuickCodes  # noqa: E402

application = Utf8(KeptAnswers(Compressed(QuickCodes(django_application))))
