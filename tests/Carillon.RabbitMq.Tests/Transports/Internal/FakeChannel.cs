using System.Collections.Concurrent;
using System.Reflection;
using RabbitMQ.Client;

namespace Carillon.RabbitMq.Tests.Transports.Internal;

/// <summary>A channel that leads nowhere: it notes what is said of deliveries, or does not let it be said.</summary>
public class FakeChannel : DispatchProxy
{
    /// <summary>The numbers that were acknowledged, and whether with all below.</summary>
    internal ConcurrentQueue<(ulong Number, bool Multiple)> Acknowledged { get; } = new();

    /// <summary>What acknowledging throws; null if it works.</summary>
    internal Exception? Fault { get; set; }

    internal static IChannel Create(out FakeChannel fake)
    {
        var channel = Create<IChannel, FakeChannel>();
        fake = (FakeChannel)(object)channel;
        return channel;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(IChannel.BasicAckAsync))
        {
            if (Fault is not null)
            {
                throw Fault;
            }

            Acknowledged.Enqueue(((ulong)args![0]!, (bool)args[1]!));
        }

        var type = targetMethod.ReturnType;
        return type == typeof(Task) ? Task.CompletedTask
            : type.IsValueType && type != typeof(void) ? Activator.CreateInstance(type)
            : null;
    }
}
