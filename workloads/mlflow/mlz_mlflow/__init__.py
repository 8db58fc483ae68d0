"""MLflow for many teams: who is asking, which team that is, and what a team may call.

Server side (`python -m mlz_mlflow serve`): MLflow's own application behind a gate. Client side: one header a request.
"""
