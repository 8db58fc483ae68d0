"""Stands for SageMaker's XGBoost 3.0-5, whose image lies in an account of AWS's: the same library, by its contract.

It reads text/csv in file mode on one instance and trains once. What AWS's container does besides (libsvm, Parquet and
RecordIO, pipes, several instances, GPUs, k folds, checkpoints, serving) is refused, never passed over.
Sources: SageMaker Developer Guide, "XGBoost algorithm with Amazon SageMaker AI" and "XGBoost hyperparameters"; AWS's
container is open, aws/sagemaker-xgboost-container, algorithm_mode (train.py, hyperparameter_validation.py,
channel_validation.py), read 2026-11-30. None of its code is here.
"""
