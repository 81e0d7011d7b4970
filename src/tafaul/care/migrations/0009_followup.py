"""How long bodies wait for a citizen's word; reminders that were told; notices of low ratings."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

NOTICES = [
    ("assigned", "A case was given to you"),
    ("mentioned", "A colleague mentioned you"),
    ("referred", "A case was referred to your body"),
    ("returned", "A referral came back"),
    ("done", "A referral was done"),
    ("warned", "A promise is about to break"),
    ("breached", "A promise was broken"),
    ("reminded", "A reminder of yours"),
    ("reopened", "The citizen came back"),
    ("rated", "A citizen is not content"),
]


class Migration(migrations.Migration):
    dependencies = [("bodies", "0003_logging_in"), ("care", "0008_clocks")]

    operations = [
        migrations.CreateModel(
            name="Silence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("after_question", models.PositiveSmallIntegerField(help_text="Days after the citizen was asked")),
                ("after_answer", models.PositiveSmallIntegerField(help_text="Days after the citizen was answered")),
                (
                    "reminds_first",
                    models.BooleanField(help_text="Who was asked is reminded first: by a draft that a person sends"),
                ),
                (
                    "body",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="silence", to="bodies.body"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="silence",
            constraint=models.CheckConstraint(
                condition=Q(after_question__lte=365, after_answer__lte=365), name="silence_lasts_a_year_at_most"
            ),
        ),
        migrations.RemoveIndex(model_name="reminder", name="reminder_due"),
        migrations.AddField(
            model_name="reminder",
            name="told_at",
            field=models.DateTimeField(help_text="When the person was told that it is due", null=True),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                fields=["due_at"], name="reminder_due", condition=Q(told_at__isnull=True, done_at__isnull=True)
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(fields=["person", "due_at"], name="reminder_open", condition=Q(done_at__isnull=True)),
        ),
        migrations.AlterField(
            model_name="notice", name="what", field=models.CharField(choices=NOTICES, max_length=12)
        ),
    ]
