using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Hosting.Internal;

/// <summary>Finds listener classes that the container could not make: none of their constructors has all that it needs.</summary>
internal sealed class ConstructorRule(CarillonSetup setup, IServiceProviderIsService registered)
{
    internal void Check(List<string> problems)
    {
        foreach (var service in setup.Services)
        {
            if (!service.IsKeyedService
                && service.ImplementationType is { } implementation
                && setup.IsListenerClass(service.ServiceType)
                && FindMissing(implementation.GetConstructors()) is { } missing)
            {
                var listener = setup.ListenersToCheck.Find(each => each.Dependencies.Any(dependency => dependency.ServiceType == service.ServiceType));
                problems.Add(
                    $"The listener '{listener?.Id ?? implementation.Name}' of '{listener?.EventType}' is a method of '{implementation}', whose constructor needs "
                    + $"'{missing.ParameterType}' for '{missing.Name}', which is not registered. Add it to the services, or give the parameter a default value.");
            }
        }
    }

    /// <summary>What the most modest constructor lacks; null if one of them lacks nothing.</summary>
    internal ParameterInfo? FindMissing(ConstructorInfo[] constructors)
    {
        ParameterInfo? missing = null;
        foreach (var constructor in constructors)
        {
            if (constructor.GetParameters().FirstOrDefault(parameter => !IsThere(parameter)) is not { } lacking)
            {
                return null;
            }

            missing ??= lacking;
        }

        return missing;
    }

    private bool IsThere(ParameterInfo parameter)
    {
        if (parameter.HasDefaultValue)
        {
            return true;
        }

        return parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed
            ? registered is not IServiceProviderIsKeyedService keys || keyed.Key is null || keys.IsKeyedService(parameter.ParameterType, keyed.Key)
            : registered.IsService(parameter.ParameterType) || parameter.GetCustomAttribute<ServiceKeyAttribute>() is not null;
    }
}
