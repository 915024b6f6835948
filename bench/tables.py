"""What was measured, for people to read; bench.py writes the same as JSON."""

from __future__ import annotations

from typing import Any

MIB = 1 << 20
GIB = 1 << 30

# What a column shows, and its heading.
TRANSFER_COLUMNS = {
    "gigabytes_per_second": "GB/s",
    "seconds": "seconds",
    "times_as_long_as_essaim": "times ours",
    "sender_cpu_seconds_per_gigabyte": "sender s/GB",
    "receiver_cpu_seconds_per_gigabyte": "receiver s/GB",
}
INDEXING_COLUMNS = {
    "seconds": "seconds",
    "cpu_seconds": "cpu s",
    "b3sum_seconds": "b3sum s",
    "times_as_long_as_b3sum": "times b3sum",
    "restart_seconds": "restart s",
}
SMALL_COLUMNS = {
    "seconds": "seconds",
    "times_as_long_as_essaim": "times ours",
    "cpu_seconds": "receiver cpu s",
    "sender_peak_mebibytes": "sender MiB",
    "receiver_peak_mebibytes": "receiver MiB",
}
RESUME_COLUMNS = {
    "milliseconds_to_chunks": "ms to chunks",
    "mebibytes_sent_twice": "MiB sent twice",
    "milliseconds_to_stop": "ms to stop",
}
DRAFT_COLUMNS = {
    "milliseconds_to_chunk": "ms to a chunk",
    "slowest_milliseconds": "slowest, ms",
}
SOURCES_COLUMNS = {
    "megabits_per_second": "Mbit/s",
    "seconds": "seconds",
    "of_the_speed_of_two": "of two's speed",
    "third_sent_mebibytes": "third sent MiB",
    "first_byte_seconds": "first byte, s",
    "longest_pause_seconds": "longest pause, s",
}
SWARM_COLUMNS = {
    "last_seconds": "last, s",
    "median_seconds": "median, s",
    "times_the_links_own": "times cable's",
    "copies_sent_by_seed": "seed's copies",
    "cpu_seconds": "all cpu s",
}


def print_rows(title: str, figures: dict[str, Any], columns: dict[str, str]) -> None:
    """A table with a row for each of `figures` that is itself a table of figures; columns by their keys."""
    print(f"\n{title}")
    width = max(len(name) for name in figures)
    print(f"  {'':{width}}  " + "  ".join(f"{heading:>14}" for heading in columns.values()))
    for name, figure in figures.items():
        cells = (f"{figure[key]:.2f}" if key in figure else "" for key in columns)
        print(f"  {name:{width}}  " + "  ".join(f"{cell:>14}" for cell in cells))


def print_tables(results: dict[str, Any]) -> None:
    if found := results.get("transfer"):
        title = f"{found['bytes'] / GIB:.1f} GiB from page cache to tmpfs ({found['over']}), medians"
        print_rows(title, found["ways"], TRANSFER_COLUMNS)
    if found := results.get("discovery"):
        print(f"\nFrom a peer's start to being listed ({found['over']}, {len(found['runs'])} runs)")
        print(f"  median {found['median_milliseconds']:.0f} ms, slowest {found['slowest_milliseconds']:.0f} ms")
    if found := results.get("indexing"):
        print_rows("Indexing, from page cache", found, INDEXING_COLUMNS)
    if found := results.get("idle"):
        print(f"\nIdle, for {found['watched_seconds']:.0f} s")
        print(f"  {found['resident_mebibytes']:.1f} MiB, {found['cpu_milliseconds_per_second']:.2f} ms of CPU a second")
    if found := results.get("door"):
        print(f"\nA file of {found['bytes'] / GIB:.1f} GiB over HTTP on the same machine, medians")
        print(f"  {found['gigabytes_per_second']:.2f} GB/s, nginx {found['nginx_gigabytes_per_second']:.2f} GB/s: {found['of_the_speed_of_nginx']:.2f}")
    print_tables_of_downloads(results)


def print_tables_of_downloads(results: dict[str, Any]) -> None:
    if found := results.get("small"):
        title = f"{found['files']} small files, {found['bytes'] / MIB:.0f} MiB, from tmpfs to tmpfs ({found['over']})"
        print_rows(f"{title}, medians; the most memory in any run", found["ways"], SMALL_COLUMNS)
    if found := results.get("resume"):
        title = f"A download of {found['bytes'] / GIB:.0f} GiB, ended at {100 * found['stopped_at']:.0f} %, goes on"
        print_rows(f"{title}; medians", found["ways"], RESUME_COLUMNS)
    if found := results.get("draft"):
        print_rows("The first chunk of a file that has just been shared, medians", found["ways"], DRAFT_COLUMNS)
    if found := results.get("sources"):
        title = f"{found['bytes'] / MIB:.0f} MiB from sources of 100 Mbit/s each to a receiver of 1 Gbit/s, medians"
        print_rows(title, found["ways"], SOURCES_COLUMNS)
    if found := results.get("swarm"):
        title = f"{found['bytes'] / MIB:.0f} MiB to {found['receivers']} at once, each at the end of a cable of"
        cable = f"{found['link_megabits_per_second']} Mbit/s, which needs {found['link_seconds']:.2f} s for it"
        print_rows(f"{title} {cable}; medians", found["ways"], SWARM_COLUMNS)
