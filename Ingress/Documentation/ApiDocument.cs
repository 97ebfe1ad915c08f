using System.Net.Http;
using Keda.Inference.Ingress.Problems;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Keda.Inference.Ingress.Documentation;

/// <summary>Fills in the OpenAPI document.</summary>
internal static class ApiDocument
{
    public const string Name = "v1";

    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "Keda.Inference",
                Version = typeof(ApiDocument).Assembly.GetName().Version?.ToString(3),
                Description = "Picture classification behind a work queue. Errors are problem details (RFC 9457) with a stable `type`.",
            };
            // Where it is served is where it is called, behind whatever proxy.
            document.Servers = [new() { Url = "/" }];
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["apiKey"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Api-Key" },
                ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiOperation>().LastOrDefault() is { } known)
                Fill(operation, known);
            return Task.CompletedTask;
        });
    });

    private static void Fill(OpenApiOperation operation, ApiOperation known)
    {
        foreach (var header in known.Headers)
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = header.Name, In = ParameterLocation.Header, Description = header.Description, Schema = Text(),
            });
        }

        if (known.Bodies.Count > 0)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = known.Bodies.ToDictionary(body => body.MediaType, body => new OpenApiMediaType { Schema = SchemaOf(body) }),
            };
        }

        operation.Responses ??= [];
        foreach (var status in known.Problems.GroupBy(problem => problem.Status))
        {
            operation.Responses[$"{status.Key}"] = new OpenApiResponse
            {
                Description = string.Join(" ", status.Select(problem => $"`{problem.Type}`: {problem.Title}")),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [known.ProtocolErrors ? "application/json" : ProblemWriter.MediaType] = new() { Schema = ErrorSchema(known.ProtocolErrors) },
                },
            };
        }
    }

    private static OpenApiSchema SchemaOf(BodyForm body) => body.Members.Length == 0
        ? new() { Type = JsonSchemaType.String, Format = "binary" }
        : Object(body.Members.Select(member => (member.Name, new OpenApiSchema
        {
            Type = JsonSchemaType.String, Format = member.Binary ? "binary" : null, Description = member.Description,
        })));

    private static OpenApiSchema ErrorSchema(bool protocol) => protocol
        ? Object([("error", Text())])
        : Object(
        [
            ("type", Text()), ("title", Text()), ("status", new() { Type = JsonSchemaType.Integer }), ("detail", Text()), ("code", Text()),
            ("request", Text()), ("requestId", Text()),
        ]);

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    private static OpenApiSchema Object(IEnumerable<(string Name, OpenApiSchema Schema)> members) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = members.ToDictionary(member => member.Name, IOpenApiSchema (member) => member.Schema),
    };
}
