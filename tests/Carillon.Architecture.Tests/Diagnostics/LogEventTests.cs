using System.Globalization;
using System.Reflection;
using Carillon.Architecture.Tests.Approval;
using Microsoft.Extensions.Logging;

namespace Carillon.Architecture.Tests.Diagnostics;

/// <summary>Operators filter and alert on ids: one id means one thing, in all packages, forever.</summary>
public sealed class LogEventTests
{
    private static IEnumerable<(MethodInfo Method, LoggerMessageAttribute Message)> Logged =>
        from assembly in Packages.Assemblies
        from type in assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        let message = method.GetCustomAttribute<LoggerMessageAttribute>()
        where message is not null
        select (method, message);

    [Fact]
    public void Every_log_event_has_an_id_of_its_own()
    {
        var shared = Logged.GroupBy(logged => logged.Message.EventId)
            .Where(group => group.Count() > 1)
            .Select(group => $"{group.Key} is the id of {string.Join(" and ", group.Select(logged => logged.Method.Name))}");

        shared.ShouldBeEmpty();
    }

    [Fact]
    public void The_log_events_are_the_approved_ones()
    {
        var lines = Logged.OrderBy(logged => logged.Message.EventId)
            .Select(logged => string.Create(
                CultureInfo.InvariantCulture,
                $"{logged.Message.EventId,4}  {logged.Message.Level,-11}  {logged.Message.EventName ?? logged.Method.Name}  {logged.Message.Message}\n"));

        ApprovedText.ShouldBeApproved("LogEvents", string.Concat(lines));
    }
}
