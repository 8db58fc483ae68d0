"""Calls as an endpoint's data capture writes them down."""

import base64
import json

from churn.columns import CUSTOMER, INPUT_NAMES


def calls(frame, scores, path, *, rows_a_call=25, encoding="CSV"):
    """Write *frame* as calls of some rows each."""
    lines = []
    for start in range(0, len(frame), rows_a_call):
        part = frame.iloc[start : start + rows_a_call][[CUSTOMER.name, *INPUT_NAMES]]
        kind, text = "text/csv", part.to_csv(index=False)
        if encoding == "JSON":
            split = {"columns": list(part.columns), "data": json.loads(part.to_json(orient="values"))}
            kind, text = "application/json", json.dumps({"dataframe_split": split})
        if encoding == "BASE64":
            text = base64.b64encode(text.encode()).decode()
        answer = json.dumps({"predictions": [float(score) for score in scores[start : start + rows_a_call]]})
        lines.append(
            {
                "captureData": {
                    "endpointInput": {"observedContentType": kind, "mode": "INPUT", "data": text, "encoding": encoding},
                    "endpointOutput": {"observedContentType": "application/json", "data": answer, "encoding": "JSON"},
                },
                "eventMetadata": {"eventId": f"e-{start}", "inferenceTime": "2026-07-01T00:00:00Z"},
                "eventVersion": "0",
            }
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
