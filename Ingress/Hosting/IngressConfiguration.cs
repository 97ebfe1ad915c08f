using Keda.Inference.WorkQueue;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.Hosting;

/// <summary>Reads and checks the whole configuration before anything starts, so that every error is told at once.</summary>
internal static class IngressConfiguration
{
    /// <exception cref="OptionsValidationException">Some settings are wrong; it carries one line for each.</exception>
    public static IngressOptions AddIngressConfiguration(this IServiceCollection services, IConfiguration configuration)
    {
        var errors = new List<string>();
        var options = new IngressOptions();
        try
        {
            configuration.GetSection(IngressOptions.Section).Bind(options);
        }
        catch (InvalidOperationException wrong)
        {
            // It names the key and the type; the value may be a secret.
            errors.Add(wrong.Message.Split('\n')[0]);
        }

        if (options.Functions.Count == 0)
            options.Functions.Add(configuration[$"{WorkQueueOptions.Section}:Name"] ?? new WorkQueueOptions().Name);
        errors.AddRange(new IngressOptionsValidator().Validate(null, options).Failures ?? []);
        errors.AddRange(Security.Authentication.Validate(configuration));
        try
        {
            services.AddWorkQueue(configuration);
        }
        catch (OptionsValidationException wrong)
        {
            errors.AddRange(wrong.Failures);
        }

        if (errors.Count > 0)
            throw new OptionsValidationException(IngressOptions.Section, typeof(IngressOptions), errors);
        services.AddSingleton<IOptions<IngressOptions>>(new OptionsWrapper<IngressOptions>(options));
        return options;
    }
}
