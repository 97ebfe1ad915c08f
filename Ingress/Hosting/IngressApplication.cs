using Keda.Inference.Ingress.Problems;
using Keda.Inference.Ingress.Telemetry;

namespace Keda.Inference.Ingress.Hosting;

/// <summary>Puts the service together.</summary>
internal static class IngressApplication
{
    /// <param name="args">Settings as <c>--Section:Key=value</c>.</param>
    /// <param name="adjust">For tests.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = args,
            // The folder that the process is started from must not matter.
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        // Their lines would repeat every request.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        adjust?.Invoke(builder);

        var options = builder.Services.AddIngressConfiguration(builder.Configuration);
        builder.Services.Configure<HostOptions>(host =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(options.DrainDelaySeconds + options.DrainTimeoutSeconds));
        builder.Services.AddIngress();

        var app = builder.Build();
        app.UseMiddleware<RequestMetrics>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<RequestIds>();
        app.UseRouting();
        app.MapIngress();
        return app;
    }
}
