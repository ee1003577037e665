"""Every setting of the service. Each is read from the environment: ``RODTRAD_`` and its name in capitals."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from ..ontology.names import ROOT

EDITOR_FOLDER = Path("node_modules/@zazuko/yasqe/build")
"""Where ``make setup`` puts the query editor; a relative folder begins beside the program."""


class Settings(BaseSettings):
    """What may differ between installations; units stand in the names."""

    model_config = SettingsConfigDict(env_prefix="RODTRAD_", frozen=True, extra="ignore")

    data: Path | None = Field(
        default=None, description="Folder of the store; none keeps everything in memory."
    )
    public_base: str = Field(default=ROOT, description="IRIs that begin so have their pages on this host.")
    query_timeout_s: float = Field(default=10.0, gt=0, description="Longest time for one ad-hoc query.")
    query_memory_mb: int = Field(
        default=1024, gt=0, description="Most memory of one ad-hoc query, beyond that of the index."
    )
    query_budget_s: float = Field(
        default=60.0,
        gt=0,
        description="Longest time of ad-hoc queries from one address in a minute.",
    )
    queries_running: int = Field(default=2, gt=0, description="Ad-hoc queries evaluated at the same time.")
    queries_waiting: int = Field(
        default=16, ge=0, description="Ad-hoc queries that may wait; further ones are answered 503."
    )
    max_result_bytes: int = Field(
        default=16_777_216, gt=0, description="Largest answer to a query; larger is answered 413."
    )
    max_query_bytes: int = Field(
        default=1_048_576, gt=0, description="Largest request body; larger is answered 413."
    )
    max_result_rows: int = Field(
        default=100_000, gt=0, description="Most rows of an ad-hoc answer; more is answered 413."
    )
    max_upload_bytes: int = Field(
        default=67_108_864, gt=0, description="Largest dataset that may be published; larger is answered 413."
    )
    upload_timeout_s: float = Field(
        default=120.0, gt=0, description="Longest time for reading, judging and publishing one dataset."
    )
    upload_memory_mb: int = Field(default=4096, gt=0, description="Most memory for the same.")
    trial_budget_s: float = Field(
        default=60.0,
        gt=0,
        description="Longest time of trying files without publishing them, from one address in a minute.",
    )
    editor_folder: Path = Field(
        default=EDITOR_FOLDER,
        description="Folder of the built query editor; without its files the plain form is used.",
    )
    uploads_running: int = Field(default=2, gt=0, description="Datasets worked on at the same time.")
    default_tier: str = Field(
        default="bas", description="Tier of a publication that names none: bas, kedja, full; none for tests."
    )
    max_thread_nodes: int = Field(
        default=300, ge=5, le=3000, description="Most elements drawn in one chain diagram."
    )
    page_rows: int = Field(
        default=500, ge=10, description="Most rows of a table on a page; the downloads hold all."
    )
    min_free_bytes: int = Field(
        default=1_073_741_824, ge=0, description="Free disk space below which writes are answered 507."
    )
    retention_days: int | None = Field(
        default=None,
        ge=1,
        description="Days that a received file is kept after a newer version replaced it; none keeps it. "
        "`rodtrad purge --expired` removes the others.",
    )
    operator_name: str = Field(
        default="", description="Who runs the service; stands in the accessibility statement."
    )
    contact: str = Field(
        default="",
        description="Address for questions and accessibility faults; the catalogue needs an e-mail address.",
    )
    operator_type: str = Field(
        default="http://purl.org/adms/publishertype/NationalAuthority",
        description="Kind of the operator, a publisher type of ADMS; stands in the catalogue.",
    )
    data_license: str = Field(
        default="http://creativecommons.org/publicdomain/zero/1.0/",
        description="Terms of use of the published data, an IRI; stands in the catalogue.",
    )
    body_timeout_s: float = Field(
        default=60.0, gt=0, description="Longest time for receiving one request body; later is answered 408."
    )
    header_timeout_s: float = Field(
        default=15.0, gt=0, description="Longest time for receiving the head of a request; then it is cut."
    )
    slow_query_s: float = Field(
        default=5.0, gt=0, description="Ad-hoc queries that take longer are logged with their text."
    )
    metrics: bool = Field(default=True, description="Whether /metrics answers.")
