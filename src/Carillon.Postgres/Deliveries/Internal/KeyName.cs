using System.Runtime.InteropServices;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>A listener and a key, as they are stored, with their number.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeyName(long Hash, string Listener, string Key)
{
    internal static KeyName Of(string listenerId, string key) =>
        new(StableHash.OfKey(listenerId, key), StoredText.Write(listenerId), StoredText.Write(key));

    /// <summary>From three columns: number, listener, key.</summary>
    internal static KeyName Read(NpgsqlDataReader row, int first) => new(row.GetInt64(first), row.GetString(first + 1), row.GetString(first + 2));
}
