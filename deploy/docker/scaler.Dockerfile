# syntax=docker/dockerfile:1.7
# The external scaler: KEDA asks it over gRPC how many replicas a function needs.
#
#   docker build -f deploy/docker/scaler.Dockerfile -t keda-inference/scaler:0.1.0 .
#   docker buildx build --platform linux/amd64,linux/arm64 -f deploy/docker/scaler.Dockerfile -t REGISTRY/keda-inference/scaler:0.1.0 --push .
#
# About 150 MB unpacked (65 MB to pull), of which 110 MB are the .NET runtime.
# No HEALTHCHECK: Kubernetes and compose probe /livez and /readyz, and the image has no shell or curl to do it from inside.

ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble
# Any image with the ASP.NET Core 10 runtime; the default has no shell, no package manager and no root user in use.
ARG BASE_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled

# Compiles on the builder's own architecture for the target's: nothing is emulated.
FROM --platform=$BUILDPLATFORM ${SDK_IMAGE} AS build
ARG TARGETARCH
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
WORKDIR /source

# Packages first: this layer stays while only code changes. (Warnings stop the build elsewhere; what a newer SDK or a new advisory warns of
# shall not stop an image.)
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY deploy/docker/Container.props deploy/docker/
COPY WorkQueue/WorkQueue.csproj WorkQueue/
COPY ExternalScaler/ExternalScaler.csproj ExternalScaler/
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages \
    dotnet restore ExternalScaler/ExternalScaler.csproj --arch $TARGETARCH -p:PublishReadyToRun=true -p:TreatWarningsAsErrors=false

COPY .editorconfig ./
COPY WorkQueue/ WorkQueue/
COPY ExternalScaler/ ExternalScaler/
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages \
    dotnet publish ExternalScaler/ExternalScaler.csproj --configuration Release --arch $TARGETARCH --no-restore --self-contained false \
      -p:PublishReadyToRun=true -p:GenerateDocumentationFile=false -p:TreatWarningsAsErrors=false --output /app

FROM ${BASE_IMAGE} AS final
WORKDIR /app
COPY --from=build /app ./
USER 1654:1654
ENV DOTNET_EnableDiagnostics=0
# gRPC for KEDA; probes, metrics and the page.
EXPOSE 6000 8080
ENTRYPOINT ["dotnet", "Keda.Inference.ExternalScaler.dll"]
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="keda-inference scaler" \
      org.opencontainers.image.description="KEDA external scaler of Keda.Inference" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
