using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Keda.Inference.WorkQueue;

/// <summary>Adds the work queue to a service.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IWorkQueues"/> and the process' Redis connections, which are made in the background so that a service
    /// starts while Redis is away. Options come from the sections <c>Redis</c>, <c>Queue</c> and <c>Queues</c>.
    /// </summary>
    /// <exception cref="OptionsValidationException">Some are wrong; it carries one line for each.</exception>
    public static IServiceCollection AddWorkQueue(this IServiceCollection services, IConfiguration configuration)
    {
        var errors = new List<string>();
        var redis = Bind<RedisOptions>(configuration, RedisOptions.Section, errors);
        var queue = Bind<WorkQueueOptions>(configuration, WorkQueueOptions.Section, errors);
        errors.AddRange(WorkQueueOptionsValidator.Validate(redis, queue));
        // Now rather than when the queue is first opened, which may be while it is served.
        foreach (var named in configuration.GetSection(WorkQueueOptions.OverridesSection).GetChildren())
            errors.AddRange(WorkQueueOptionsValidator.ValidateOverrides(named.Key, Bind<WorkQueueOptions>(configuration, named.Path, errors)));
        if (errors.Count > 0)
            throw new OptionsValidationException(WorkQueueOptions.Section, typeof(WorkQueueOptions), errors);
        ParentLink.Watch(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(queue);
        services.AddSingleton<IWorkQueues>(provider => new RedisWorkQueues(
            redis, name => RedisWorkQueues.OptionsOf(configuration, name), provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    private static T Bind<T>(IConfiguration configuration, string section, List<string> errors)
        where T : new()
    {
        var options = new T();
        try
        {
            configuration.GetSection(section).Bind(options);
        }
        catch (InvalidOperationException wrong)
        {
            // It names the key and the type that would be right; the value stays out, it may be a secret.
            errors.Add(wrong.Message.Split('\n')[0]);
        }

        return options;
    }
}

/// <summary>Opens queues without a service host, for tools and tests.</summary>
public static class WorkQueues
{
    /// <summary>Opens them; the result is to be disposed asynchronously.</summary>
    public static IWorkQueues Connect(RedisOptions redis, Func<string, WorkQueueOptions> options, TimeProvider time) =>
        new RedisWorkQueues(redis, options, time);
}
