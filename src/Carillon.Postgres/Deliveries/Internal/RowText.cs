using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Texts of a row that may be null.</summary>
internal static class RowText
{
    internal static string? GetText(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : StoredText.Read(row.GetString(column));
}
