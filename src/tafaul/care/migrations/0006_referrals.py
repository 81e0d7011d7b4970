"""Referrals by e-mail, whose tries are noted; a body's referral may be passed on again; who works where."""

import django.db.models.deletion
from django.db import migrations, models

WHO_ANSWERS = """
CREATE FUNCTION care_who_answers() RETURNS TABLE (body_id bigint, person_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT membership.body_id, membership.person_id
    FROM bodies_membership membership JOIN bodies_person person ON person.id = membership.person_id
    WHERE person.is_active AND membership.role IN ('agent', 'approver', 'supervisor')
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("care", "0005_cases")]

    operations = [
        migrations.AlterField(
            model_name="referral",
            name="previous",
            field=models.ForeignKey(
                help_text="The one that was passed on by this one",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="next",
                to="care.referral",
            ),
        ),
        migrations.AddField(
            model_name="referral", name="mail_tries", field=models.IntegerField(db_default=0, default=0)
        ),
        migrations.AddField(
            model_name="referral",
            name="mail_after",
            field=models.DateTimeField(help_text="When to try again; empty after a try: never", null=True),
        ),
        migrations.AddField(
            model_name="referral", name="mail_trouble", field=models.TextField(blank=True, db_default="")
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("mailed_at__isnull", True), ("state", "sent"), models.Q(("email", ""), _negated=True)),
                fields=["id"],
                name="referral_to_mail",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state__in", ["sent", "withdrawn"])),
                    models.Q(
                        ("decided_at__isnull", False), ("state__in", ["accepted", "returned", "passed_on", "done"])
                    ),
                    _connector="OR",
                ),
                name="what_is_decided_was_decided_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.UniqueConstraint(
                condition=models.Q(("email_key", ""), _negated=True),
                fields=("email_key",),
                name="a_mail_s_secret_opens_one_referral",
            ),
        ),
        migrations.RunSQL(WHO_ANSWERS, "DROP FUNCTION care_who_answers();"),
    ]
