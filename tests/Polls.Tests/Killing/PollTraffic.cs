using System.Collections.Concurrent;
using System.Net;
using Polls.Tests.Site;

namespace Polls.Tests.Killing;

/// <summary>Visitors who create polls one after the other, whatever happens to the site. Some of their polls must be refused.</summary>
internal sealed class PollTraffic : IAsyncDisposable
{
    private const int Visitors = 3;
    private const int RefusedOneIn = 6;
    private const int UnknownTopic = 999;

    // Slow enough that a run of a minute stays within a few thousand polls.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _visitors = [];
    private readonly ConcurrentBag<Guid> _created = [];
    private readonly ConcurrentBag<string> _toBeRefused = [];
    private readonly ConcurrentBag<string> _surprises = [];
    private readonly SemaphoreSlim _answers = new(0);
    private volatile TaskCompletionSource<Uri> _site = NewSite();
    private int _refused;

    public PollTraffic(int seed)
    {
        for (var visitor = 0; visitor < Visitors; visitor++)
        {
            var (name, random) = ($"visitor {visitor}", new Random(seed + visitor));
            _visitors.Add(Task.Run(() => VisitAsync(name, random)));
        }
    }

    /// <summary>Polls that the site said it had created.</summary>
    public IReadOnlyCollection<Guid> Created => _created;

    /// <summary>The questions of all polls that must never be seen anywhere.</summary>
    public IReadOnlyCollection<string> ToBeRefused => _toBeRefused;

    /// <summary>How often the site said that it had refused one.</summary>
    public int Refused => _refused;

    /// <summary>Answers that a visitor should not have got.</summary>
    public IReadOnlyCollection<string> Surprises => _surprises;

    public void SiteIsAt(Uri address) => _site.TrySetResult(address);

    public void SiteIsGone()
    {
        if (_site.Task.IsCompleted)
        {
            _site = NewSite();
        }
    }

    /// <summary>Waits for so many more answers of the site: a measure of its life that is the same on a fast machine and on a busy one.</summary>
    public async Task AnsweredAsync(int count)
    {
        while (await _answers.WaitAsync(0))
        {
        }

        for (; count > 0; count--)
        {
            (await _answers.WaitAsync(Until.Patience, TestContext.Current.CancellationToken)).ShouldBeTrue("The site has stopped answering.");
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_visitors);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        _answers.Dispose();
    }

    private static TaskCompletionSource<Uri> NewSite() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task VisitAsync(string name, Random random)
    {
        using var timer = new PeriodicTimer(Pause, TimeProvider.System);
        Visitor? visitor = null;
        try
        {
            for (var number = 1; ; number++)
            {
                await timer.WaitForNextTickAsync(_stop.Token);
                var site = await _site.Task.WaitAsync(_stop.Token);
                visitor ??= new Visitor { Site = site };
                visitor.Site = site;
                await CreateAsync(visitor, $"Poll {number} of {name}", isToBeRefused: random.Next(RefusedOneIn) == 0);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        finally
        {
            visitor?.Dispose();
        }
    }

    private async Task CreateAsync(Visitor visitor, string question, bool isToBeRefused)
    {
        try
        {
            if (isToBeRefused)
            {
                _toBeRefused.Add($"{question}, refused");
                var answer = await visitor.CreatePollAsync($"{question}, refused", UnknownTopic, "Yes", "No");
                Interlocked.Increment(ref _refused);
                Expect(HttpStatusCode.UnprocessableEntity, answer);
            }
            else
            {
                var answer = await visitor.CreatePollAsync(question, topic: 1, "Yes", "No");
                Expect(HttpStatusCode.Redirect, answer);
                _created.Add(answer.PollId);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // Killed in the middle: nobody can tell from here whether the poll was created. The database will.
        }
    }

    private void Expect(HttpStatusCode expected, Answer answer)
    {
        _answers.Release();
        if (answer.Status != expected)
        {
            _surprises.Add($"{(int)answer.Status} instead of {(int)expected}: {answer.Body}");
        }
    }
}
