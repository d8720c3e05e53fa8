using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Polls.Tests.Site;

namespace Polls.Tests.TwoApplications;

/// <summary>The client in samples/python, which has nothing of Carillon.</summary>
public sealed class PythonClientTests : IDisposable
{
    private readonly TemporaryFolder _polls = new();
    private readonly TemporaryFolder _notifications = new();

    public void Dispose()
    {
        _polls.Dispose();
        _notifications.Dispose();
    }

    [Fact] // C6
    public async Task It_receives_what_Polls_publishes()
    {
        await using var site = SiteProcess.Start(_polls, ("Polls:Broker", Broker.Address));
        using var visitor = new Visitor { Site = await site.ListensAsync() };
        using var client = Start("receive", $"statistics-{Environment.ProcessId}-{Environment.TickCount64}", "poll.*");
        await client.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);

        var created = await visitor.CreatePollAsync("Seen from Python?", 1, "Yes", "No");
        created.Status.ShouldBe(HttpStatusCode.Redirect);

        var line = await client.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Until.Patience, TimeProvider.System, TestContext.Current.CancellationToken);
        using var received = JsonDocument.Parse(line.ShouldNotBeNull());
        received.RootElement.GetProperty("type").GetString().ShouldBe("poll.created");
        received.RootElement.GetProperty("specversion").GetString().ShouldBe("1.0");
        received.RootElement.GetProperty("data").GetProperty("pollId").GetGuid().ShouldBe(created.PollId);
        client.Kill();
    }

    [Fact] // C6
    public async Task What_it_publishes_reaches_the_listeners_of_Notifications()
    {
        await using var worker = SiteProcess.StartNotifications(_notifications, ("Notifications:Broker", Broker.Address));
        await worker.ListensAsync();
        await Until.TrueAsync(() => Task.FromResult(worker.Log.Contains("poll.#", StringComparison.Ordinal)), "the subscription");

        using var client = Start("publish", "From Python");
        var id = (await client.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull(await client.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));

        await Until.TrueAsync(() => Task.FromResult(File.Exists(_notifications.Of($"mails/{id}.txt"))), "the mail, under the id that the client has given");
    }

    private static Process Start(params string[] arguments)
    {
        // Debian's own, which has pika; whatever else is called python3 on the path may not.
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["AMQP_URL"] = Broker.Address;
        start.ArgumentList.Add(Path.Combine(Places.RepositoryRoot, "samples/python/polls.py"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
