using Polls.Reading;

namespace Polls.ExternalApi;

/// <summary>Announces polls to the external API.</summary>
internal sealed class ExternalApiClient(HttpClient http, PollsOptions options, SiteAddress address, PollQueries polls)
{
    /// <param name="pollId">The poll, read fresh.</param>
    /// <param name="eventId">Sent as <c>Idempotency-Key</c>: a delivery is made at least once, and by this the receiver knows a second one.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="HttpRequestException">The API could not be reached or said no. The listener fails by it, and is tried again.</exception>
    public async Task NotifyAsync(Guid pollId, Guid eventId, CancellationToken cancellationToken)
    {
        if (await polls.FindAsync(pollId, cancellationToken) is not { } poll)
        {
            return; // deleted in the meantime: nothing to announce
        }

        var site = await address.GetAsync(cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, options.ExternalApi ?? new Uri(site, PretendApiEndpoints.Path));
        request.Headers.Add("Idempotency-Key", eventId.ToString());
        request.Content = JsonContent.Create(new PollNotification(poll.Id, poll.Question, new Uri(site, $"/polls/{poll.Id}")));
        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
