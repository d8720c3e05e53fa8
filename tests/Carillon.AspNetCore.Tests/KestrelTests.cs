using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.AspNetCore.Tests;

/// <summary>On a real server, over real connections.</summary>
public sealed class KestrelTests
{
    private readonly ConcurrentQueue<AfterHandleRequest> _after = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // A17
    public async Task Requests_of_many_clients_are_heard_of_each_with_what_was_handed_on_for_it()
    {
        var strangers = 0;
        await using var site = await Site.StartOnKestrelAsync(carillon => carillon
            .Listen<BeforeHandleRequest>(e => e.Items["name"] = e.HttpContext.Request.Headers["Name"].ToString())
            .Listen<AfterHandleRequest>(e =>
            {
                if ((string?)e.Items["name"] != e.HttpContext.Request.Headers["Name"])
                {
                    Interlocked.Increment(ref strangers);
                }

                _after.Enqueue(e);
            }));

        await Parallel.ForEachAsync(Enumerable.Range(0, 200), Cancellation, async (number, ct) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/hello") { Headers = { { "Name", $"{number}" } } };
            using var response = await site.Client.SendAsync(request, ct);
            (await response.Content.ReadAsStringAsync(ct)).ShouldBe($"hello {number}");
        });
        // A response may be with its client before the last listener has heard of it; a server that has stopped has handled all.
        await site.StopAsync();

        _after.Count.ShouldBe(200);
        strangers.ShouldBe(0);
        _after.ShouldAllBe(after => after.StatusCode == 200 && after.Duration > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_failed_request_is_an_answer_500_to_the_client_and_an_exception_to_the_listener()
    {
        await using var site = await Site.StartOnKestrelAsync(carillon => carillon.Listen<AfterHandleRequest>(_after.Enqueue));

        (await site.Client.GetAsync("/broken", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        await site.StopAsync();

        var after = _after.ShouldHaveSingleItem();
        after.StatusCode.ShouldBe(500);
        after.Exception.ShouldBeOfType<FormatException>();
    }

    [Fact]
    public async Task A_client_that_is_gone_is_heard_of()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var site = await Site.StartOnKestrelAsync(
            carillon => carillon.Listen<AfterHandleRequest>(async (e, ct) =>
            {
                // What a listener does afterwards is not cancelled with the request.
                await Task.Yield();
                ct.ThrowIfCancellationRequested();
                _after.Enqueue(e);
            }),
            application => application.MapGet("/endless", async (HttpContext context) =>
            {
                arrived.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }));
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var request = site.Client.GetAsync("/endless", gone.Token);
        await arrived.Task.WaitAsync(Cancellation);

        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => request);
        await site.StopAsync();

        var after = _after.ShouldHaveSingleItem();
        after.StatusCode.ShouldBe(499);
        after.Exception.ShouldBeAssignableTo<OperationCanceledException>();
    }

    [Fact] // A17: booted means that the site answers, stopping that it still does
    public async Task The_site_answers_when_it_has_booted_and_still_when_it_begins_to_stop()
    {
        var answers = new ConcurrentQueue<string>();
        await using (await Site.StartOnKestrelAsync(carillon => carillon
            .AddListener<Visitor, ApplicationBooted>(options => options.Id = "booted")
            .AddListener<Visitor, ApplicationStopping>(options => options.Id = "stopping")
            .Services.AddSingleton(answers)))
        {
        }

        answers.ShouldBe(["hello ApplicationBooted", "hello ApplicationStopping"]);
    }

    private sealed class Visitor(IServer server, ConcurrentQueue<string> answers) : IListener<ApplicationBooted>, IListener<ApplicationStopping>
    {
        public ValueTask HandleAsync(ApplicationBooted @event, CancellationToken cancellationToken) => VisitAsync(@event, cancellationToken);

        public ValueTask HandleAsync(ApplicationStopping @event, CancellationToken cancellationToken) => VisitAsync(@event, cancellationToken);

        private async ValueTask VisitAsync(ILifecycleEvent @event, CancellationToken cancellationToken)
        {
            using var client = new HttpClient { BaseAddress = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
            client.DefaultRequestHeaders.Add("Name", @event.GetType().Name);
            answers.Enqueue(await client.GetStringAsync("/hello", cancellationToken));
        }
    }
}
