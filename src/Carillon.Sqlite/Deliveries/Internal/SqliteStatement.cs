using System.Buffers;
using System.Diagnostics;
using System.Text;
using SQLitePCL;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>A statement that is prepared once and run many times, straight on SQLite's own interface.</summary>
/// <remarks>
/// A command of Microsoft.Data.Sqlite costs several microseconds for each execution, as much as the insert of a row. Used by one thread at a time.
/// </remarks>
internal sealed class SqliteStatement : IDisposable
{
    private const int StackBytes = 512;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private static readonly ManualResetEventSlim NeverSet = new();

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    internal SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
    }

    public void Dispose() => _statement.Dispose();

    internal SqliteStatement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    internal SqliteStatement Bind(int index, long? value) => value is { } some ? Bind(index, some) : BindNull(index);

    internal SqliteStatement Bind(int index, DateTimeOffset value) => Bind(index, UnixTicks.From(value));

    internal SqliteStatement Bind(int index, DateTimeOffset? value) => value is { } some ? Bind(index, some) : BindNull(index);

    internal SqliteStatement Bind(int index, string? value)
    {
        if (value is null)
        {
            return BindNull(index);
        }

        if (value.Length == 0)
        {
            // An empty span would be bound as null.
            Check(raw.sqlite3_bind_text(_statement, index, value));
            return this;
        }

        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        byte[]? rented = null;
        var bytes = most <= StackBytes ? stackalloc byte[StackBytes] : rented = ArrayPool<byte>.Shared.Rent(most);
        Check(raw.sqlite3_bind_text(_statement, index, bytes[..Encoding.UTF8.GetBytes(value, bytes)]));
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return this;
    }

    internal SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(_statement, index, 0) : raw.sqlite3_bind_blob(_statement, index, value));
        return this;
    }

    internal SqliteStatement Bind(int index, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return Bind(index, bytes);
    }

    internal SqliteStatement Bind(int index, Guid? value) => value is { } some ? Bind(index, some) : BindNull(index);

    internal SqliteStatement BindNull(int index)
    {
        Check(raw.sqlite3_bind_null(_statement, index));
        return this;
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False after the last one; the statement is then ready to be run again.</returns>
    internal bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        End(result);
        return false;
    }

    /// <summary>Runs a statement that changes something.</summary>
    /// <returns>How many rows it has changed.</returns>
    internal int Execute()
    {
        Step();
        return raw.sqlite3_changes(_database);
    }

    /// <summary>Runs a statement of one row at the most and one number.</summary>
    /// <returns>Null if there is no row, or nothing in it.</returns>
    internal long? ReadLong()
    {
        if (!Step())
        {
            return null;
        }

        var value = GetNullableLong(0);
        Reset();
        return value;
    }

    /// <summary>Runs a statement that takes a lock, and waits while another connection has it.</summary>
    /// <param name="patience">How long.</param>
    /// <remarks>
    /// SQLite's own waiting (busy_timeout) rests for whole seconds where it was compiled without usleep, as in the bundle of SQLitePCLRaw 2.0: a
    /// millisecond of somebody else's transaction would cost every write a second. The driver's rests for 150 ms.
    /// </remarks>
    internal void ExecuteWhenUnlocked(TimeSpan patience)
    {
        var begun = Stopwatch.GetTimestamp();
        var result = raw.sqlite3_step(_statement);
        while (result == raw.SQLITE_BUSY && raw.sqlite3_extended_errcode(_database) != SqliteFault.BusySnapshot && Stopwatch.GetElapsedTime(begun) < patience)
        {
            raw.sqlite3_reset(_statement);
            Rest();
            result = raw.sqlite3_step(_statement);
        }

        End(result);
    }

    /// <summary>Leaves whoever has the lock a moment, on this thread.</summary>
    internal static void Rest() => NeverSet.Wait(Pause);

    /// <summary>Ends a statement before its last row, so that it holds no snapshot open.</summary>
    internal void Reset() => raw.sqlite3_reset(_statement);

    internal bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    internal long GetLong(int column) => raw.sqlite3_column_int64(_statement, column);

    internal long? GetNullableLong(int column) => IsNull(column) ? null : GetLong(column);

    internal int GetInt(int column) => raw.sqlite3_column_int(_statement, column);

    internal DateTimeOffset GetTime(int column) => UnixTicks.ToTime(GetLong(column));

    internal DateTimeOffset? GetNullableTime(int column) => IsNull(column) ? null : GetTime(column);

    // By its length: read as text it would end at the first zero in it.
    internal string GetString(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(_statement, column));

    internal string? GetNullableString(int column) => IsNull(column) ? null : GetString(column);

    internal byte[] GetBytes(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    internal Guid GetGuid(int column) => new(raw.sqlite3_column_blob(_statement, column), bigEndian: true);

    internal Guid? GetNullableGuid(int column) => IsNull(column) ? null : GetGuid(column);

    private void End(int result)
    {
        // Thrown before the reset, which would clear the message.
        try
        {
            if (result != raw.SQLITE_DONE)
            {
                SqliteFault.Throw(_database, result);
            }
        }
        finally
        {
            raw.sqlite3_reset(_statement);
        }
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            SqliteFault.Throw(_database, result);
        }
    }
}
