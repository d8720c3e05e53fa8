using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Polls.Tests.Site;

/// <summary>A sample as a process of its own, on a free port, with its files in a folder of the test.</summary>
internal sealed partial class SiteProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiteProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException($"The site has ended.{Environment.NewLine}{Log}"));
        // Nobody may be waiting for it when it is killed during its start.
        _ = _listening.Task.ContinueWith(static task => task.Exception, TaskScheduler.Default);
    }

    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Starts Polls and returns at once.</summary>
    public static SiteProcess Start(TemporaryFolder folder, params (string Key, string Value)[] settings) => Start(
        "Polls.dll",
        folder,
        [("contentRoot", Places.ContentRoot), ("Polls:Database", folder.Of("polls.db")), ("Polls:SitemapPath", folder.Of("sitemap.xml")), .. settings]);

    /// <summary>Starts Notifications and returns at once.</summary>
    public static SiteProcess StartNotifications(TemporaryFolder folder, params (string Key, string Value)[] settings) => Start(
        "Notifications.dll",
        folder,
        [("contentRoot", folder.Path), ("Notifications:Database", folder.Of("notifications.db")), ("Notifications:Mails", folder.Of("mails")), .. settings]);

    private static SiteProcess Start(string assembly, TemporaryFolder folder, IEnumerable<(string Key, string Value)> settings)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, assembly));
        Set("urls", "http://127.0.0.1:0");
        foreach (var (key, value) in settings)
        {
            Set(key, value);
        }

        // The keys of the forms' tokens are kept below it: they must survive the process, and not outlive the test.
        start.Environment["HOME"] = folder.Path;

        var site = new SiteProcess(start);
        site._process.Start();
        site._process.BeginOutputReadLine();
        site._process.BeginErrorReadLine();
        return site;

        void Set(string key, string value)
        {
            start.ArgumentList.Add($"--{key}");
            start.ArgumentList.Add(value);
        }
    }

    /// <summary>The address of the site, once it listens.</summary>
    public Task<Uri> ListensAsync() =>
        _listening.Task.WaitAsync(Until.Patience, TimeProvider.System, TestContext.Current.CancellationToken);

    /// <summary>SIGKILL: the process has no chance to do anything more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a service manager or a container stops a site.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        return await EndsAsync();
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndsAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Until.Patience, TimeProvider.System);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.AppendLine(line);
        }

        if (Listening().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}
