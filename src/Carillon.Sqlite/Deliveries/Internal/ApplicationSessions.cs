using System.Data;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>
/// The statements that were prepared on connections of the application: one transaction after the other uses them, since preparing them takes longer than running them. They
/// go when the connection is closed.
/// </summary>
/// <threadsafety>Safe for concurrent use; a session is for whoever has its connection.</threadsafety>
internal static class ApplicationSessions
{
    private static readonly ConditionalWeakTable<SqliteConnection, SqliteSession> Sessions = [];

    internal static SqliteSession Of(SqliteConnection connection)
    {
        if (!Sessions.TryGetValue(connection, out var session))
        {
            session = new SqliteSession(connection, isOurs: false);
            Sessions.Add(connection, session);
            connection.StateChange += EndIfClosed;
        }

        return session;
    }

    // The driver has let go of the file by now; SQLite does so with the last statement.
    private static void EndIfClosed(object sender, StateChangeEventArgs change)
    {
        var connection = (SqliteConnection)sender;
        if (change.CurrentState != ConnectionState.Open && Sessions.TryGetValue(connection, out var session))
        {
            connection.StateChange -= EndIfClosed;
            Sessions.Remove(connection);
            session.Dispose();
        }
    }
}
