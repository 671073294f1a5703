"""Errors as Airtable words them; clients in the wild match on these types and texts.

Types and statuses follow https://airtable.com/developers/web/api/errors and recorded answers of
the real API. A message that could not be confirmed is plain words of our own.
"""

import json
from typing import Any


class AirtableError(Exception):
    """An answer other than success."""

    def __init__(self, status: int, kind: str, message: str = "") -> None:
        super().__init__(f"{status} {kind}: {message}")
        self.status = status
        self.kind = kind
        self.message = message

    def body(self) -> dict[str, Any]:
        """The JSON of the answer: with a message an object, without one a bare word."""
        if not self.message:
            return {"error": self.kind}
        return {"error": {"type": self.kind, "message": self.message}}


class RateLimitedError(AirtableError):
    """More than five requests a second on one base; lasts 30 seconds."""

    def __init__(self) -> None:
        super().__init__(429, "RATE_LIMIT_REACHED", "Rate limit exceeded. Please try again later")

    def body(self) -> dict[str, Any]:
        return {"errors": [{"error": self.kind, "message": self.message}]}


def not_authenticated() -> AirtableError:
    return AirtableError(401, "AUTHENTICATION_REQUIRED", "Authentication required")


def no_such_route() -> AirtableError:
    return AirtableError(404, "NOT_FOUND")


def no_such_model() -> AirtableError:
    """A base or a table that the token can't see; Airtable doesn't tell the two cases apart."""
    return AirtableError(
        403,
        "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND",
        "Invalid permissions, or the requested model was not found. Check that both your user and "
        "your token have the required permissions, and that the model names and/or ids are "
        "correct.",
    )


def no_such_record() -> AirtableError:
    return AirtableError(404, "MODEL_ID_NOT_FOUND", "Record not found")


def row_does_not_exist(record_id: str) -> AirtableError:
    return AirtableError(
        422, "ROW_DOES_NOT_EXIST", f"Record ID {record_id} does not exist in this table"
    )


def bad_json() -> AirtableError:
    return AirtableError(400, "INVALID_REQUEST_BODY", "Could not parse request body")


def too_large() -> AirtableError:
    return AirtableError(413, "REQUEST_TOO_LARGE", "The request exceeded the maximum payload size")


def bad_parameters(detail: str = "parameter validation failed") -> AirtableError:
    return AirtableError(
        422, "INVALID_REQUEST_UNKNOWN", f"Invalid request: {detail}. Check your request data."
    )


def missing_fields() -> AirtableError:
    return AirtableError(
        422, "INVALID_REQUEST_MISSING_FIELDS", 'Could not find field "fields" in the request body'
    )


def bad_records(with_ids: bool) -> AirtableError:
    wanted = 'an "id" ID field and a "fields"' if with_ids else 'a "fields"'
    return AirtableError(
        422,
        "INVALID_RECORDS",
        f"You must provide an array of up to 10 record objects, each with {wanted} object for "
        "cell values.",
    )


def repeated_record() -> AirtableError:
    return AirtableError(
        422,
        "INVALID_RECORDS",
        "You cannot update the same record multiple times in a single request.",
    )


def unknown_field(name: str) -> AirtableError:
    return AirtableError(422, "UNKNOWN_FIELD_NAME", f'Unknown field name: "{name}"')


def bad_value(field_name: str) -> AirtableError:
    return AirtableError(
        422, "INVALID_VALUE_FOR_COLUMN", f'Field "{field_name}" cannot accept the provided value'
    )


def computed_field(field_name: str) -> AirtableError:
    return AirtableError(
        422,
        "INVALID_VALUE_FOR_COLUMN",
        f'Field "{field_name}" cannot accept a value because the field is computed',
    )


def unknown_choice(name: str) -> AirtableError:
    return AirtableError(
        422,
        "INVALID_MULTIPLE_CHOICE_OPTIONS",
        f'Insufficient permissions to create new select option "{json.dumps(name)}"',
    )


def not_record_ids() -> AirtableError:
    return AirtableError(422, "INVALID_RECORD_ID", "Value is not an array of record IDs.")


def bad_formula(reason: str) -> AirtableError:
    return AirtableError(
        422,
        "INVALID_FILTER_BY_FORMULA",
        f"The formula for filtering records is invalid: {reason}",
    )


def unknown_view(name: str) -> AirtableError:
    return AirtableError(422, "VIEW_NAME_NOT_FOUND", f"View {name} not found")


def bad_offset(offset: str) -> AirtableError:
    return AirtableError(422, "INVALID_OFFSET_VALUE", f"The value of offset {offset} is invalid")


def offset_expired() -> AirtableError:
    return AirtableError(422, "LIST_RECORDS_ITERATOR_NOT_AVAILABLE")


def several_match(count: int) -> AirtableError:
    return AirtableError(
        422,
        "INVALID_REQUEST_UNKNOWN",
        f"Invalid request: {count} records match on fieldsToMergeOn where one was expected. "
        "Check your request data.",
    )
