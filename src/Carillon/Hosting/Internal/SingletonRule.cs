using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Hosting.Internal;

/// <summary>Finds singletons that take a scoped dispatcher: they would keep one scope for ever.</summary>
internal sealed class SingletonRule(CarillonSetup setup)
{
    private static readonly Type[] Scoped = [typeof(IEventDispatcher), typeof(IEventBus), typeof(IUnitOfWorkFactory)];

    /// <summary>What is said to one that was made before the checks ran, as hosted services are, or that cannot be seen from outside.</summary>
    internal CarillonException Refuse()
    {
        var problems = new List<string>();
        Check(problems);
        return problems.Count > 0
            ? new CarillonConfigurationException(problems)
            : new CarillonException(
                "IEventDispatcher was taken from the root container, most likely by a singleton. It belongs to a scope, since its listeners do. "
                + "Take IEventDispatcherFactory instead and call DispatchInNewScopeAsync, or open a scope.");
    }

    internal void Check(List<string> problems)
    {
        for (var index = 0; index < setup.Services.Count; index++)
        {
            if (setup.Services[index] is { Lifetime: ServiceLifetime.Singleton, IsKeyedService: false, ImplementationType: not null })
            {
                Check(setup.Services[index], problems);
            }
        }
    }

    private void Check(ServiceDescriptor service, List<string> problems)
    {
        if (IsOfTheApplication(service.ImplementationType!) && FindScopedParameter(service) is { } parameter)
        {
            problems.Add(
                $"The singleton '{service.ImplementationType}' takes {parameter.Name}, which belongs to a scope. "
                + "Take IEventDispatcherFactory instead and call DispatchInNewScopeAsync, or make the service scoped.");
        }
    }

    // Looking at constructors costs time at start; the framework's own singletons know nothing of events, and the generator makes a listener class
    // a singleton only if its constructor takes nothing.
    private bool IsOfTheApplication(Type type) =>
        !setup.AddedClasses.Contains(type)
        && type.Assembly != typeof(SingletonRule).Assembly
        && !(type.Namespace is { } name && (name.StartsWith("Microsoft.", StringComparison.Ordinal) || name.StartsWith("System.", StringComparison.Ordinal)));

    private static Type? FindScopedParameter(ServiceDescriptor service) =>
        service.ImplementationType!.GetConstructors()
            .SelectMany(constructor => constructor.GetParameters())
            .Select(parameter => parameter.ParameterType)
            .FirstOrDefault(type => Scoped.Contains(type));
}
