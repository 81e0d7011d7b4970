"""What everything stands on: the embedded database, encryption, locks and the job queue's wiring."""
