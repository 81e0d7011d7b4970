from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Lower

CACHE = """
    CREATE TABLE cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
    CREATE INDEX cache_expires ON cache (expires);
"""
"""What Django's `createcachetable` would make, so that `migrate` is all there is to run."""


class Migration(migrations.Migration):

    dependencies = [
        ('bodies', '0002_calendars_and_invitations'),
    ]

    operations = [
        migrations.RunSQL(CACHE, "DROP TABLE cache"),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=Q(('accepted_at__isnull', True), ('withdrawn_at__isnull', True)), fields=('body', 'role', 'email'), name='one_open_invitation_to_a_role'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.UniqueConstraint(Lower('username'), name='a_log_in_name_is_taken_once'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.UniqueConstraint(Lower('email'), condition=Q(('email', ''), _negated=True), name='an_email_address_belongs_to_one_person'),
        ),
    ]
