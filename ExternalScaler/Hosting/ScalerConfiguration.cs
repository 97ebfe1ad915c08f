using Keda.Inference.WorkQueue;
using Microsoft.Extensions.Options;

namespace Keda.Inference.ExternalScaler.Hosting;

/// <summary>Reads and checks the configuration before anything is started.</summary>
internal static class ScalerConfiguration
{
    /// <exception cref="OptionsValidationException">Carries everything that is wrong, the work queue's part included.</exception>
    public static ScalerOptions Read(IServiceCollection services, IConfiguration configuration)
    {
        var errors = new List<string>();
        var options = new ScalerOptions();
        try
        {
            configuration.GetSection(ScalerOptions.Section).Bind(options);
            errors.AddRange(new ScalerOptionsValidator().Validate(null, options).Failures ?? []);
        }
        catch (InvalidOperationException wrong)
        {
            errors.Add(wrong.Message.Split('\n')[0]);
        }
        try
        {
            services.AddWorkQueue(configuration);
        }
        catch (OptionsValidationException wrong)
        {
            errors.AddRange(wrong.Failures);
        }
        if (errors.Count > 0)
            throw new OptionsValidationException(ScalerOptions.Section, typeof(ScalerOptions), errors);
        services.AddSingleton(Options.Create(options));
        return options;
    }
}
