"""Octavia's API with the stub provider standing in for 'amphora' (the name clients ask for)."""
from cloudstubs import octavia_provider
from octavia.api.drivers.amphora_driver.v2 import driver

driver.AmphoraProviderDriver = octavia_provider.StubProvider

from octavia.api import app  # noqa: E402
import sys  # noqa: E402

sys.argv = ['octavia-wsgi']
application = app.setup_app()
