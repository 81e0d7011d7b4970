from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bodies', '0003_logging_in'),
    ]

    operations = [
        migrations.AddField(
            model_name='body',
            name='assignment',
            field=models.CharField(choices=[('hand', 'By hand'), ('turn', 'By turns'), ('load', 'To whoever has the fewest')], default='hand', max_length=8),
        ),
        migrations.AddField(
            model_name='person',
            name='at_desk_since',
            field=models.DateTimeField(blank=True, help_text='Empty: away', null=True),
        ),
        migrations.AddField(
            model_name='membership',
            name='given_at',
            field=models.DateTimeField(blank=True, help_text='When a case last came to them by itself', null=True),
        ),
    ]
