using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Polls.Tests.Site;

namespace Polls.Tests;

/// <summary>What the commands that start a sample say before they build anything.</summary>
public sealed class RunCommandTests
{
    [Theory]
    [InlineData("./run")]
    [InlineData("samples/Notifications/run")]
    public async Task A_port_that_is_taken_is_named_with_the_way_out(string command)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var (exitCode, error) = await RunAsync(("PORT", port), command);

        exitCode.ShouldBe(1);
        error.ShouldStartWith($"Port {port} is taken by another program. Stop it, or choose another port: PORT=");
        error.ShouldEndWith(command);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("0")]
    [InlineData("65536")]
    public async Task A_port_that_is_none_is_refused(string port)
    {
        var (exitCode, error) = await RunAsync(("PORT", port));

        exitCode.ShouldBe(1);
        error.ShouldBe($"PORT={port} is not a port. Use a number from 1 to 65535.");
    }

    [Fact]
    public async Task A_missing_sdk_is_named_with_the_place_to_get_it()
    {
        using var noDotnet = new TemporaryFolder();
        foreach (var tool in new[] { "bash", "dirname" })
        {
            File.CreateSymbolicLink(noDotnet.Of(tool), $"/usr/bin/{tool}");
        }

        var (exitCode, error) = await RunAsync(("PATH", noDotnet.Path));

        exitCode.ShouldBe(1);
        error.ShouldStartWith("The .NET SDK 10.0 is not installed: there is no dotnet on the PATH");
        error.ShouldContain("https://learn.microsoft.com/dotnet/core/install/");
    }

    private static async Task<(int ExitCode, string Error)> RunAsync((string Name, string Value) variable, string command = "./run")
    {
        var start = new ProcessStartInfo("/usr/bin/env", ["bash", Path.Combine(Places.RepositoryRoot, command)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[variable.Name] = variable.Value;
        using var run = Process.Start(start)!;
        var output = run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await output;
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (run.ExitCode, error.Trim());
    }
}
