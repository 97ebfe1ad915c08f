using Keda.Inference.Ingress.Documentation;
using Keda.Inference.Ingress.OpenInference;
using Keda.Inference.Ingress.Problems;
using Keda.Inference.Ingress.Security;
using Keda.Inference.Ingress.Telemetry;
using Microsoft.AspNetCore.Cors.Infrastructure;

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
        builder.Services.AddCallers(builder.Configuration, options);
        builder.Services.AddTracing(builder.Configuration);
        builder.Services.AddApiDocument();
        if (options.CorsOrigins.Count > 0)
            builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => Allow(policy, options)));

        var app = builder.Build();
        app.UseMiddleware<RequestMetrics>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<RequestIds>();
        app.UseRouting();
        if (options.CorsOrigins.Count > 0)
            app.UseCors();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<RateLimitMiddleware>();
        app.MapIngress();
        return app;
    }

    private static void Allow(CorsPolicyBuilder policy, IngressOptions options) => policy
        .WithOrigins([.. options.CorsOrigins]).WithMethods("GET", "POST", "DELETE").AllowAnyHeader()
        .WithExposedHeaders("Location", "Retry-After", RequestIds.Header, InferRequestReader.JsonLengthHeader);
}
