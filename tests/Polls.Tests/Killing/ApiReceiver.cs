using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Polls.Tests.Killing;

/// <summary>The external API, in the process of the test, which is not killed: it counts what it was told of each poll.</summary>
internal sealed class ApiReceiver : IAsyncDisposable
{
    // Every so many requests one is refused, so that retries and kills meet.
    private const int RefusedOneIn = 40;

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<Guid, int> _accepted = new();
    private int _requests;

    private ApiReceiver(WebApplication app) => _app = app;

    /// <summary>How often each poll was announced and the announcement accepted.</summary>
    public IReadOnlyDictionary<Guid, int> Accepted => _accepted;

    public string Url => $"{_app.Urls.Single()}/notifications";

    public static async Task<ApiReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new ApiReceiver(app);
        app.MapPost("/notifications", receiver.Receive);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Receive(Announcement announcement)
    {
        if (Interlocked.Increment(ref _requests) % RefusedOneIn == 0)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        _accepted.AddOrUpdate(announcement.PollId, 1, static (_, count) => count + 1);
        return Results.NoContent();
    }

    private sealed record Announcement(Guid PollId);
}
