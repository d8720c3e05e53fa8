namespace Polls.Creating;

/// <summary>Makes a text fit for print. Asynchronous because the next one may ask a service on the network.</summary>
internal interface IBadWordsFilter
{
    ValueTask<string> FilterAsync(string text, CancellationToken cancellationToken);
}
