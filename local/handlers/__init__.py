"""What our stacks need of AWS and moto lacks: one service a file."""
