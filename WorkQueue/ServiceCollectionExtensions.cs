using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Keda.Inference.WorkQueue;

/// <summary>Adds the work queue to a service.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IWorkQueues"/> and the process' Redis connections, which are made in the background so that a service
    /// starts while Redis is away. Options come from the sections <c>Redis</c> and <c>Queue</c>, and are validated at start.
    /// </summary>
    public static IServiceCollection AddWorkQueue(this IServiceCollection services, IConfiguration configuration)
    {
        throw new NotSupportedException();
    }
}
