using Microsoft.Data.Sqlite;

namespace Polls.Storage;

/// <summary>The SQLite file. The connections of a request and of a listener come from here, pooled.</summary>
internal sealed class Database(PollsOptions options)
{
    /// <summary>Also handed to <c>UseSqlite</c>: deliveries live in the same file as polls, so that one transaction writes both.</summary>
    public static string ConnectionString(PollsOptions options) =>
        new SqliteConnectionStringBuilder { DataSource = options.Database, ForeignKeys = true }.ToString();

    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(ConnectionString(options));
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Create()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(options.Database)!);
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = Schema.Sql;
        command.ExecuteNonQuery();
    }
}
