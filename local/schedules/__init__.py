"""EventBridge Scheduler, where moto only keeps schedules: it starts what one of them says."""
