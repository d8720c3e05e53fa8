using System.Net;
using System.Text.RegularExpressions;

namespace Polls.Tests.Site;

/// <summary>What a browser does: keeps cookies, sends forms with their token, does not follow redirects by itself.</summary>
internal sealed partial class Visitor : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true });
    private string? _token;

    /// <summary>Where the site is: another port after each restart.</summary>
    public required Uri Site { get; set; }

    public async Task<Answer> GetAsync(string path) => await ReadAsync(await _http.GetAsync(new Uri(Site, path)));

    public async Task<Answer> PostAsync(string path, params IEnumerable<(string Name, string Value)> fields)
    {
        _token ??= Token().Match((await GetAsync("/create")).Body).Groups[1].Value;
        using var form = new FormUrlEncodedContent(
            fields.Append((Name: "__RequestVerificationToken", Value: _token)).Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await ReadAsync(await _http.PostAsync(new Uri(Site, path), form));
    }

    public Task<Answer> CreatePollAsync(string question, int topic, params IEnumerable<string> options) =>
        PostAsync(
            "/create",
            [("Form.Question", question), ("Form.TopicId", $"{topic}"), .. options.Select((text, index) => ($"Form.Options[{index}]", text))]);

    public Task<Answer> VoteAsync(Guid poll, int position) => PostAsync($"/polls/{poll}", ("position", $"{position}"));

    public Task<Answer> SetExternalApiAsync(string mode) => PostAsync("/external-api", ("Mode", mode));

    public async Task<DeliveriesShown> DeliveriesAsync(string state = "") =>
        DeliveriesShown.Parse((await GetAsync($"/events?handler=Deliveries&state={state}")).Body);

    public void Dispose() => _http.Dispose();

    private static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            return new Answer(response.StatusCode, response.Headers.Location?.ToString(), await response.Content.ReadAsStringAsync());
        }
    }

    [GeneratedRegex("""name="__RequestVerificationToken" type="hidden" value="([^"]+)""")]
    private static partial Regex Token();
}

/// <param name="Status">The status code.</param>
/// <param name="Location">Where the site sends the visitor; null if it does not.</param>
/// <param name="Body">The page as it came: encoded.</param>
internal sealed record Answer(HttpStatusCode Status, string? Location, string Body)
{
    /// <summary>The poll that a redirect leads to.</summary>
    public Guid PollId => Guid.Parse(Location!.Split('/')[^1]);
}
