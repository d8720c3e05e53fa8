using Polls.Reading;

namespace Polls.ExternalApi;

/// <summary>Announces polls to the external API.</summary>
internal sealed class ExternalApiClient(HttpClient http, PollsOptions options, SiteAddress address, PollQueries polls)
{
    /// <param name="pollId">The poll, read fresh.</param>
    /// <param name="eventId">Sent as <c>Idempotency-Key</c>: a delivery is made at least once, and by this the receiver knows a second one.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="InvalidOperationException">There is no such poll.</exception>
    /// <exception cref="HttpRequestException">The API could not be reached or said no. The listener fails by it, and is tried again.</exception>
    public async Task NotifyAsync(Guid pollId, Guid eventId, CancellationToken cancellationToken)
    {
        // Polls are never deleted here: one that is missing is a fault, to be seen as a failed delivery rather than passed over.
        var poll = await polls.FindAsync(pollId, cancellationToken)
            ?? throw new InvalidOperationException($"There is no poll {pollId} to announce, although its event says that it was created.");
        var site = await address.GetAsync(cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, options.ExternalApi ?? new Uri(site, PretendApiEndpoints.Path));
        request.Headers.Add("Idempotency-Key", eventId.ToString());
        request.Content = JsonContent.Create(new PollNotification(poll.Id, poll.Question, new Uri(site, $"/polls/{poll.Id}")));
        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
