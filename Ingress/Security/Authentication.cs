using Keda.Inference.Ingress.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;

namespace Keda.Inference.Ingress.Security;

/// <summary>Who may submit: everybody, unless keys or a bearer token's issuer are configured; then either will do.</summary>
internal static class Authentication
{
    /// <summary>The framework's own section: Authority or SigningKeys, ValidIssuer, ValidAudiences.</summary>
    public const string BearerSection = "Authentication:Schemes:Bearer";

    public const string Policy = "caller";

    public static IServiceCollection AddCallers(this IServiceCollection services, IConfiguration configuration, IngressOptions options)
    {
        services.AddSingleton<ApiKeys>().AddSingleton<RateLimits>();
        var schemes = new List<string>();
        var authentication = services.AddAuthentication();
        if (options.ApiKeys.Count > 0)
        {
            authentication.AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
            schemes.Add(ApiKeyHandler.SchemeName);
        }

        if (configuration.GetSection(BearerSection).Exists())
        {
            authentication.AddJwtBearer(bearer =>
            {
                bearer.MapInboundClaims = false;
                bearer.TokenValidationParameters.NameClaimType = "sub";
            });
            schemes.Add(JwtBearerDefaults.AuthenticationScheme);
        }

        var policy = schemes.Count == 0
            ? new AuthorizationPolicyBuilder().RequireAssertion(_ => true).Build()
            : new AuthorizationPolicyBuilder([.. schemes]).RequireAuthenticatedUser().Build();
        services.AddAuthorizationBuilder().AddPolicy(Policy, policy);
        return services;
    }

    /// <summary>What is wrong with the bearer section; without these the handler would refuse every token.</summary>
    public static IEnumerable<string> Validate(IConfiguration configuration)
    {
        var bearer = configuration.GetSection(BearerSection);
        if (!bearer.Exists())
            yield break;
        if (bearer["Authority"] is null && !bearer.GetSection("SigningKeys").GetChildren().Any())
            yield return $"{BearerSection} names no Authority and no SigningKeys; one of them must say how tokens are verified.";
        if (bearer["ValidAudience"] is null && !bearer.GetSection("ValidAudiences").GetChildren().Any())
            yield return $"{BearerSection} names no ValidAudiences; without them no token is accepted.";
    }
}
