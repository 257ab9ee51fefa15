"""Cinder's own logging driver, able to make volumes from images too: servers can boot from volumes."""
from cinder.tests import fake_driver


class StubVolumeDriver(fake_driver.FakeLoggingVolumeDriver):
    def copy_image_to_volume(self, context, volume, image_service, image_id, disable_sparse=False):
        pass
