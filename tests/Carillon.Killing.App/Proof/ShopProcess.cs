using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Carillon.Killing.App.Database;
using Carillon.Killing.App.Work;

namespace Carillon.Killing.App.Proof;

/// <summary>A process of the application, which is to be killed.</summary>
internal sealed class ShopProcess : IAsyncDisposable
{
    private const int KeptLines = 40;

    private readonly Process _process;
    private readonly Told _told;
    private readonly Channel<(string Line, long At)> _lines = Channel.CreateUnbounded<(string, long)>();
    private readonly Queue<string> _last = new();
    private long _since;

    private ShopProcess(Process process, string name, Told told) => (_process, Name, _told) = (process, name, told);

    internal string Name { get; }

    /// <summary>From its start, or from the last <see cref="Expect"/>, until a listener had run again; null if none has yet.</summary>
    internal TimeSpan? Recovered { get; private set; }

    internal static ShopProcess Start(ShopDatabase database, string name, int seed, Told told)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[]
        {
            Path.Combine(AppContext.BaseDirectory, "Carillon.Killing.App.dll"),
            "work", database.Store, database.ConnectionString, name, seed.ToString(CultureInfo.InvariantCulture),
        })
        {
            start.ArgumentList.Add(argument);
        }

        var shop = new ShopProcess(new Process { StartInfo = start }, name, told);
        shop._process.OutputDataReceived += (_, line) => shop.Read(line.Data);
        shop._process.ErrorDataReceived += (_, line) => shop.Keep(line.Data);
        shop.Expect();
        shop._process.Start();
        shop._process.BeginOutputReadLine();
        shop._process.BeginErrorReadLine();
        return shop;
    }

    /// <summary>The clock of <see cref="Recovered"/> begins to run.</summary>
    internal void Expect()
    {
        Recovered = null;
        _since = Stopwatch.GetTimestamp();
    }

    /// <summary>Reads what it has said until now: from here on it is counted.</summary>
    internal void CatchUp()
    {
        while (_lines.Reader.TryRead(out var line))
        {
            See(line);
        }
    }

    /// <summary>Waits for so many more lines: a measure of its life that is the same on a fast machine and on a busy one.</summary>
    internal async Task PassAsync(int lines)
    {
        for (; lines > 0; lines--)
        {
            await NextAsync("it says something more");
        }
    }

    /// <summary>Waits until a listener has run since <see cref="Expect"/>.</summary>
    internal async Task<TimeSpan> RecoversAsync()
    {
        while (Recovered is null)
        {
            await NextAsync("one of its listeners has run");
        }

        return Recovered.Value;
    }

    internal async Task SaysAsync(string line)
    {
        while (await NextAsync($"it says '{line}'") != line)
        {
        }
    }

    internal async Task CommandAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>SIGKILL: the process has no chance to do anything more. Returns when all that it had said is read.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>It ends in good order.</summary>
    internal async Task StopAsync()
    {
        await CommandAsync(Shop.Stop);
        await _process.WaitForExitAsync().WaitAsync(Patience.Long, TimeProvider.System);
        if (_process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Name} ended with exit code {_process.ExitCode}.{Last()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task<string> NextAsync(string what)
    {
        try
        {
            var line = await _lines.Reader.ReadAsync().AsTask().WithinAsync(() => $"{Name}: {what}.{Last()}");
            See(line);
            return line.Line;
        }
        catch (ChannelClosedException)
        {
            throw new InvalidOperationException($"{Name} has ended by itself, before this: {what}.{Last()}");
        }
    }

    private void See((string Line, long At) said)
    {
        if (Recovered is null && said.At > _since && said.Line.StartsWith(Lines.RanWord, StringComparison.Ordinal))
        {
            Recovered = Stopwatch.GetElapsedTime(_since, said.At);
        }
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            _lines.Writer.TryComplete();
            return;
        }

        _told.Add(line);
        _lines.Writer.TryWrite((line, Stopwatch.GetTimestamp()));
        if (!line.StartsWith(Lines.RanWord, StringComparison.Ordinal))
        {
            Keep(line);
        }
    }

    private void Keep(string? line)
    {
        lock (_last)
        {
            if (line is not null)
            {
                _last.Enqueue(line);
            }

            if (_last.Count > KeptLines)
            {
                _last.Dequeue();
            }
        }
    }

    private string Last()
    {
        lock (_last)
        {
            return $" Its last lines:{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", _last)}";
        }
    }
}
