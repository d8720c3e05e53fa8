using Carillon.Deliveries;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>What SQLite answered, in words that say what to do.</summary>
internal static class SqliteFault
{
    /// <summary>The extended code for a transaction that has read what has been overwritten since: no waiting helps.</summary>
    internal const int BusySnapshot = 517;

    private const int PrimaryCode = 0xff;

    internal static void Throw(sqlite3 database, int result) => SqliteException.ThrowExceptionForRC(result, database);

    /// <param name="what">What was to be done: <c>write 1 delivery of 'poll.created'</c>.</param>
    /// <param name="location">Where.</param>
    /// <param name="cause">What SQLite answered.</param>
    internal static DeliveryStoreException Explain(string what, SqliteLocation location, SqliteException cause) =>
        new(
            $"Could not {what} in the {location.Description}: {Answer(cause)}. Nothing has changed. {Mend(cause, location)}",
            cause);

    /// <summary>Whether the connection is better opened anew before it is used again.</summary>
    internal static bool BreaksConnection(SqliteException cause) =>
        (cause.SqliteErrorCode & PrimaryCode) is raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    /// <summary>Whether somebody else had the file, so that it may be had a moment later.</summary>
    internal static bool IsBusy(SqliteException cause) => (cause.SqliteErrorCode & PrimaryCode) == raw.SQLITE_BUSY && cause.SqliteExtendedErrorCode != BusySnapshot;

    private static string Answer(SqliteException cause)
    {
        // The driver wraps the answer: SQLite Error 5: 'database is locked'.
        var message = cause.Message;
        var begin = message.IndexOf('\'', StringComparison.Ordinal);
        var end = message.LastIndexOf('\'');
        var answer = begin >= 0 && end > begin ? message[(begin + 1)..end] : message.TrimEnd('.');
        return $"{answer} (SQLite error {cause.SqliteExtendedErrorCode})";
    }

    private static string Mend(SqliteException cause, SqliteLocation location) => (cause.SqliteErrorCode & PrimaryCode) switch
    {
        raw.SQLITE_BUSY when cause.SqliteExtendedErrorCode == BusySnapshot =>
            "The transaction has read before another one wrote, and can only be rolled back: begin it as one that writes, BeginTransaction() without deferred.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
            $"Another connection held the write lock for longer than {location.BusyTimeout.TotalSeconds:0.###} s: "
            + "keep its transactions short, or raise SqliteOptions.BusyTimeout, and try again. "
            + "If it is a transaction of the caller, the delivery has to be part of it: IUnitOfWorkFactory, or UseEntityFrameworkCore<TContext>().",
        raw.SQLITE_READONLY =>
            "Give this process the right to write the file and its folder (SQLite makes files beside it), "
            + "and leave Mode=ReadOnly out of the connection string.",
        raw.SQLITE_FULL => "The disk, or the database's own limit (PRAGMA max_page_count), is full: make room and try again.",
        raw.SQLITE_IOERR => "The disk failed or is full: see that there is room and that the disk is well, and try again.",
        raw.SQLITE_CANTOPEN => "See that the folder exists, that this process may make files in it, and that the name is that of a file.",
        raw.SQLITE_CORRUPT => "The file is damaged: stop, keep a copy of it, and restore a backup or save what can be read with sqlite3's .recover.",
        raw.SQLITE_NOTADB => "The file is not a SQLite database, or it is encrypted and the password is missing: correct the path or the password.",
        raw.SQLITE_TOOBIG => "It is larger than SQLite takes: put the bulk elsewhere and its address into the event.",
        raw.SQLITE_CONSTRAINT => "The table was changed from outside, by a trigger or a constraint of its own: remove it.",
        _ => "See https://sqlite.org/rescode.html for the error.",
    };
}
