using System.Reflection;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Generators.Tests.Behaviour;

/// <summary>The methods with [OnEvent] of this assembly, read and called by reflection: a second opinion about what generated code does.</summary>
internal static class DescribedListeners
{
    internal static IEnumerable<Listener> All =>
        typeof(DescribedListeners).Assembly.GetTypes()
            .OrderBy(type => type.FullName!.Replace('+', '.'), StringComparer.Ordinal)
            .SelectMany(type => type
                .GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(method => method.IsDefined(typeof(OnEventAttribute)))
                .OrderBy(method => method.MetadataToken))
            .Select(Describe);

    private static Listener Describe(MethodInfo method)
    {
        var said = method.GetCustomAttribute<OnEventAttribute>()!;
        var parameters = method.GetParameters();
        return new Listener(said.Id ?? NaturalId(method), EventOf(method), (object @event, in ListenerCall call) => Call(method, parameters, @event, call))
        {
            Pattern = said.Pattern,
            Delivery = said.Delivery,
            Priority = said.Priority,
            MaxAttempts = said.MaxAttempts,
            Queue = said.Queue,
            Timeout = Seconds(said.TimeoutSeconds),
            Transactional = said.Transactional,
            Ordered = said.Ordered,
            SkipsFailed = said.SkipsFailed,
            MaxPerKey = said.MaxPerKey,
            Remember = Seconds(said.RememberSeconds),
            Unique = method.GetCustomAttribute<UniqueAttribute>() is { } unique
                ? new ListenerUniqueness(unique.Until) { For = Seconds(unique.ForSeconds), Replaces = unique.Replaces, MaxWait = Seconds(unique.MaxWaitSeconds) }
                : null,
            Before = said.Before,
            After = said.After,
            StopPropagation = said.StopPropagation,
            Errors = said.Errors,
            NeedsContext = parameters.Any(parameter => parameter.ParameterType == typeof(EventContext)),
        };
    }

    private static TimeSpan? Seconds(int seconds) => seconds == 0 ? null : TimeSpan.FromSeconds(seconds);

    private static string NaturalId(MethodInfo method)
    {
        var type = method.DeclaringType!;
        var id = type.Name + "." + method.Name;
        for (var outer = type.DeclaringType; outer is not null; outer = outer.DeclaringType)
        {
            id = outer.Name + "." + id;
        }

        return type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Count(other => other.Name == method.Name && other.IsDefined(typeof(OnEventAttribute))) > 1
            ? $"{id}({EventOf(method).Name.Split('`')[0]})"
            : id;
    }

    private static Type EventOf(MethodInfo method)
    {
        var type = method.GetParameters()[0].ParameterType;
        return type.IsByRef ? type.GetElementType()! : type;
    }

    private static ValueTask Call(MethodInfo method, ParameterInfo[] parameters, object @event, ListenerCall call)
    {
        var target = method.IsStatic ? null : ActivatorUtilities.GetServiceOrCreateInstance(call.Services, method.DeclaringType!);
        object?[] arguments = [@event, .. parameters.Skip(1).Select(parameter => Argument(parameter, call))];
        var result = method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        switch (result)
        {
            case ValueTask running:
                return running;
            case Task running when method.ReturnType == typeof(Task):
                return new ValueTask(running);
            case null:
                return ValueTask.CompletedTask;
            default:
                return HandOnAsync(result, method.ReturnType, call);
        }
    }

    private static async ValueTask HandOnAsync(object result, Type type, ListenerCall call)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
        {
            result = type.GetMethod("AsTask")!.Invoke(result, null)!;
        }

        if (result is Task running)
        {
            await running;
            result = running.GetType().GetProperty("Result")!.GetValue(running)!;
        }

        call.SetResult(result);
    }

    private static object? Argument(ParameterInfo parameter, ListenerCall call)
    {
        var key = parameter.GetCustomAttribute<FromKeyedServicesAttribute>()?.Key;
        return parameter.ParameterType == typeof(CancellationToken) ? call.CancellationToken
            : parameter.ParameterType == typeof(EventContext) ? call.Context
            : parameter.ParameterType == typeof(IServiceProvider) ? call.Services
            : ((IKeyedServiceProvider)call.Services).GetKeyedService(parameter.ParameterType, key)
                ?? (parameter.HasDefaultValue ? parameter.DefaultValue
                    : new NullabilityInfoContext().Create(parameter).ReadState == NullabilityState.Nullable ? null
                    : throw new InvalidOperationException($"There is no {parameter.ParameterType}."));
    }
}
