using Microsoft.Data.Sqlite;
using Polls.Storage;

namespace Polls.Reading;

/// <summary>What the pages read: the results from the read model that listeners keep.</summary>
internal sealed class PollQueries(SqliteConnection connection)
{
    private const string Summary =
        """
        SELECT poll.id, poll.question, topic.name, poll.created_at, (SELECT sum(votes) FROM poll_result WHERE poll_result.poll_id = poll.id)
        FROM poll JOIN topic ON topic.id = poll.topic_id
        """;

    public Task<List<Topic>> TopicsAsync(CancellationToken cancellationToken) =>
        connection.QueryAsync("SELECT id, name FROM topic ORDER BY name", row => new Topic(row.GetInt64(0), row.GetString(1)), cancellationToken);

    /// <summary>One page of polls, newest first: ids of version 7 sort by time.</summary>
    /// <param name="before">Only polls older than this one; null to begin with the newest.</param>
    public Task<List<PollSummary>> NewestAsync(Guid? before, int pageSize, CancellationToken cancellationToken) =>
        connection.QueryAsync(
            $"{Summary} WHERE @before IS NULL OR poll.id < @before ORDER BY poll.id DESC LIMIT @size",
            ReadSummary,
            cancellationToken,
            ("@before", before is null ? DBNull.Value : before),
            ("@size", pageSize));

    public async Task<PollResults?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var found = await connection.QueryAsync($"{Summary} WHERE poll.id = @id", ReadSummary, cancellationToken, ("@id", id));
        if (found is not [var poll])
        {
            return null;
        }

        var options = await connection.QueryAsync(
            "SELECT position, text, votes FROM poll_result WHERE poll_id = @id ORDER BY position",
            row => new OptionResult(row.GetInt32(0), row.GetString(1), row.GetInt64(2)),
            cancellationToken,
            ("@id", id));
        return new PollResults(poll.Id, poll.Question, poll.Topic, poll.CreatedAt, options);
    }

    public Task<List<AuditEntry>> LastAuditEntriesAsync(int count, CancellationToken cancellationToken) =>
        connection.QueryAsync(
            """
            SELECT audit.event_name, audit.poll_id, poll.question, audit.occurred_at
            FROM audit JOIN poll ON poll.id = audit.poll_id ORDER BY audit.id DESC LIMIT @count
            """,
            row => new AuditEntry(row.GetString(0), row.GetGuid(1), row.GetString(2), row.GetTime(3)),
            cancellationToken,
            ("@count", count));

    private static PollSummary ReadSummary(SqliteDataReader row) =>
        new(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetTime(3), row.GetInt64(4));
}
