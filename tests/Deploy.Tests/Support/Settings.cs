using System.Collections;
using System.Reflection;
using Keda.Inference.ExternalScaler.Hosting;
using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Preprocessing;
using Keda.Inference.InferenceFunction.Serving;
using Keda.Inference.InferenceFunction.Sessions;
using Keda.Inference.Ingress.Hosting;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.Deploy.Tests.Support;

/// <summary>Says whether an environment variable is an option that some program binds.</summary>
internal static class Settings
{
    private static readonly Dictionary<string, Type> s_sections = new(StringComparer.Ordinal)
    {
        [RedisOptions.Section] = typeof(RedisOptions),
        [WorkQueueOptions.Section] = typeof(WorkQueueOptions),
        ["Queues"] = typeof(Dictionary<string, WorkQueueOptions>),
        [IngressOptions.Section] = typeof(IngressOptions),
        [WorkerOptions.Section] = typeof(WorkerOptions),
        [ModelOptions.Section] = typeof(ModelOptions),
        [RuntimeOptions.Section] = typeof(RuntimeOptions),
        [PreprocessOptions.Section] = typeof(PreprocessOptions),
        [ScalerOptions.Section] = typeof(ScalerOptions),
    };

    /// <summary>Whether .NET configuration would read it at all.</summary>
    public static bool IsOption(string variable) => variable.Contains("__", StringComparison.Ordinal);

    /// <summary>Null when every part of the name leads to a property, else what does not.</summary>
    public static string? Problem(string variable)
    {
        var parts = variable.Split("__");
        if (!s_sections.TryGetValue(parts[0], out var type))
            return $"{variable}: no section {parts[0]}";
        foreach (var part in parts.Skip(1))
        {
            if (type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)))
            {
                if (type.GetGenericTypeDefinition() == typeof(List<>) && !int.TryParse(part, out _))
                    return $"{variable}: {part} is no index";
                type = type.GetGenericArguments()[^1];
                continue;
            }
            if (type.GetProperty(part, BindingFlags.Public | BindingFlags.Instance) is not { CanWrite: true } property)
                return $"{variable}: {type.Name} has no {part}";
            type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        }
        return type == typeof(string) || type.IsPrimitive || type.IsEnum ? null : $"{variable}: {type.Name} is a section, not a value";
    }
}
