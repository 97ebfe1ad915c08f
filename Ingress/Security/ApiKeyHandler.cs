using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.Security;

/// <summary>Authenticates by <c>X-Api-Key</c>.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var given = Request.Headers[ApiKeys.Header];
        if (given.Count == 0)
            return Task.FromResult(AuthenticateResult.NoResult());
        if (given.Count > 1 || keys.Find(given.ToString()) is not { } key)
            return Task.FromResult(AuthenticateResult.Fail("The key is not known."));
        var identity = new ClaimsIdentity([new(ClaimTypes.Name, key.Name)], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.Append("WWW-Authenticate", $"{SchemeName} header=\"{ApiKeys.Header}\"");
        return Task.CompletedTask;
    }
}
